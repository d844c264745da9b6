/**
 * `npm run stack`: what stack files mean, without a cluster.
 *
 *   node dist/stack/main.js check FILE…              everything wrong with them and worth knowing; --json for scripts
 *   node dist/stack/main.js show --name NAME FILE…   what will be declared; --json: the calls to Docker, nothing else
 *
 * Both take --variable NAME=VALUE, --env-file FILE, --profile NAME and --project-directory FOLDER. Paths start from the
 * project's folder. Exit code: 0 nothing is wrong, 1 errors in the files, 2 the command line cannot be carried out.
 */
import { runStackCommand } from "./command";

process.exitCode = runStackCommand(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
