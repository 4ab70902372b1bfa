package dev.trafficctl.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.trafficctl.cli.command.next.ShellCommand;
import org.junit.jupiter.api.Test;

/** Which package may know which: a command knows what is done, and nothing knows its command. */
class PackagesTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.trafficctl.cli");

  @Test
  void noPackageIsInACycle() {
    slices().matching("dev.trafficctl.cli.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void nothingKnowsTheProgramAsAWhole() {
    noClasses()
        .that()
        .resideInAPackage("dev.trafficctl.cli.*..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.trafficctl.cli")
        .check(CLASSES);
  }

  @Test
  void onlyTheProgramKnowsCommands() {
    noClasses()
        .that()
        .resideInAPackage("dev.trafficctl.cli.*..")
        .and()
        .resideOutsideOfPackage("dev.trafficctl.cli.command..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.trafficctl.cli.command..")
        .check(CLASSES);
  }

  @Test
  void whatAsksServersKnowsNoOperation() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.trafficctl.cli.flink..",
            "dev.trafficctl.cli.kafka..",
            "dev.trafficctl.cli.postgres..",
            "dev.trafficctl.cli.state..",
            "dev.trafficctl.cli.journal..",
            "dev.trafficctl.cli.context..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.trafficctl.cli.operation..",
            "dev.trafficctl.cli.lag..",
            "dev.trafficctl.cli.verify..",
            "dev.trafficctl.cli.observe..",
            "dev.trafficctl.cli.rejected..",
            "dev.trafficctl.cli.demo..")
        .check(CLASSES);
  }

  @Test
  void onlyCommandsSpellCommands() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.trafficctl.cli", "dev.trafficctl.cli.command..")
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(ShellCommand.class)
        .check(CLASSES);
  }
}
