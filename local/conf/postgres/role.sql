-- The job's user, with the name and the password that the environment of psql holds.
\getenv job_user JOB_USER
\getenv job_password JOB_PASSWORD
CREATE ROLE :"job_user" LOGIN PASSWORD :'job_password';
