package dev.trafficctl.schema;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.Optional;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * Hands Flyway one connection as often as it asks for one, and leaves the transaction of that to
 * whoever has begun it: Flyway commits a version by one connection and the record of it by another,
 * and whatever ends the process between the two would leave them apart.
 */
final class OneTransaction implements DataSource {
  private final Connection connection;
  private final Connection handedOut;
  private SQLException first;

  /**
   * With a connection in whose transaction all is done.
   *
   * @param connection one that is not in auto-commit mode
   */
  OneTransaction(Connection connection) {
    this.connection = connection;
    handedOut =
        (Connection)
            Proxy.newProxyInstance(
                OneTransaction.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) ->
                    switch (method.getName()) {
                      // A failure goes up to whoever has begun, and rolls all of it back.
                      case "commit", "rollback", "close", "setAutoCommit", "setReadOnly" -> null;
                      default -> call(method, arguments);
                    });
  }

  private Object call(Method method, Object[] arguments) throws Throwable {
    Object result = call(connection, method, arguments);
    return result instanceof Statement
        ? Proxy.newProxyInstance(
            OneTransaction.class.getClassLoader(),
            new Class<?>[] {method.getReturnType()},
            (proxy, asked, given) -> call(result, asked, given))
        : result;
  }

  private Object call(Object on, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(on, arguments);
    } catch (InvocationTargetException e) {
      if (first == null && e.getCause() instanceof SQLException failure) {
        first = failure;
      }
      throw e.getCause();
    }
  }

  /**
   * The first thing that failed, or nothing: Flyway goes on where it would have rolled back, and
   * tells what fails then.
   */
  Optional<SQLException> failure() {
    return Optional.ofNullable(first);
  }

  @Override
  public Connection getConnection() {
    return handedOut;
  }

  @Override
  public Connection getConnection(String user, String password) {
    return handedOut;
  }

  @Override
  public PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(PrintWriter out) {}

  @Override
  public void setLoginTimeout(int seconds) {}

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("nothing is logged");
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return connection.unwrap(type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) throws SQLException {
    return connection.isWrapperFor(type);
  }
}
