# The versions of the schema one after the other. The image reads this file into the script that begins its server.
for version in $(ls -v /schema/V*.sql); do
  docker_process_sql --single-transaction -f "$version"
done
