export const help = `Runs the Python you are editing on your cluster, with exactly the code you see.

  slingshot run (ENTRY | -m MODULE) [options] [-- script arguments]
  slingshot bundle (ENTRY | -m MODULE) [options]
  slingshot jobs [--json]
  slingshot logs JOB [--follow] [--json]
  slingshot cancel JOB
  slingshot diff JOB [JOB]
  slingshot restore JOB DIR [PATH…] [--overwrite]
  slingshot clean [--dry-run] [--max-age DAYS] [--max-size SIZE] [--json]
  slingshot targets [NAME] [--check] [--approve] [--json]

ENTRY is file.py, file.py::function, or a folder with __main__.py.

Options of run and bundle
  --workspace DIR       workspace folder (default: the nearest with .vscode/slingshot.json or .git)
  --root DIR            import root, relative to the workspace folder; replaces all inference (repeatable)
  --site DIR            site-packages to resolve against (repeatable)
  --python VERSION|PATH Python of the job
  --overlay PATH=FILE   text of FILE stands for PATH, as an unsaved edit would (repeatable)
  --include GLOB        further files for the bundle (repeatable)
  --json                machine-readable output

Options of bundle
  --out FILE.zip        write the bundle; python .slingshot/run.py runs it in any directory

Options of run
  --target NAME         where to run (default: the project's default target, else local)
  --arg name=value      argument of the function, converted by its annotation; name:=JSON as it is
  --env NAME[=VALUE]    environment variable of the job; without a value, the one here
  --allow-secret PATH   send this file although it looks like it holds a secret (repeatable)
  --detach              print the job id and leave the job running
  --quiet               no words of Slingshot's own

clean removes jobs that ended long ago, and content that no job needs; that also happens by itself, once a
day at most. Limits: SLINGSHOT_HISTORY_MAX_AGE (days) and SLINGSHOT_HISTORY_MAX_SIZE, else VS Code's settings,
else 30 days and 5 GB; 0 means none. The last 20 jobs and those that have not ended always stay.

Exit code: the job's own (128+n for a signal); 2 wrong usage or project file, 3 snapshot refused,
4 target not available, 5 lost, 130 cancelled.`;
