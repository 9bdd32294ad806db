import type { Command } from './commands/command.js';

const URL_OPTION = [
  '--url <url>',
  'the collector to ask (default: the one on this machine, else http://127.0.0.1:8081)',
] as const;
const DATA_OPTION = ['--data <folder>', 'the data folder (default: ./headcount-data)'] as const;

/**
 * All commands, in the order in which they are listed. Each is loaded when it is run: the check of a
 * container runs every 30 seconds, and needs little of the collector.
 */
export const COMMANDS: readonly Command[] = [
  {
    name: 'serve',
    summary: 'takes reports, counts them, and answers questions; the default',
    usage: ['[serve] [options]'],
    text: ['Takes reports, counts them, and answers questions until SIGTERM or SIGINT.'],
    options: [],
    takesConfig: 'all',
    run: async (args, context) => (await import('./serve-command.js')).serveAs(args, context),
  },
  {
    name: 'relay',
    summary: 'takes reports where there is no collector, and passes them on to one',
    usage: ['relay --to <url> [options]', 'relay --show-config [options]'],
    text: [
      'Takes reports behind a firewall or at an edge, keeps them on disk, and passes them on to the collector of --to, through days without a network, until SIGTERM or SIGINT. Nothing is counted here.',
    ],
    options: [
      [
        '--show-config',
        'print the options and where they come from, check them, and start nothing',
      ],
    ],
    takesConfig: 'relay',
    run: async (args, context) => (await import('./relay-command.js')).relay(args, context),
  },
  {
    name: 'config',
    summary: 'prints the options that serve would have, and where they come from',
    usage: ['config [--changed] [--json] [options of serve]'],
    text: [
      'Prints each option with its value and the flag or variable it comes from, or default. It takes the options of serve, checks them, and starts nothing. Secrets are not printed.',
    ],
    options: [
      ['--changed', 'only options that are set'],
      ['--json', 'print JSON'],
    ],
    takesConfig: 'all',
    run: async (args, context) =>
      (await import('./commands/config-command.js')).showConfig(args, context),
  },
  {
    name: 'stats',
    summary: 'prints the counts of each project, how they changed, and what to look at',
    usage: ['stats [--url <url> | --data <folder>] [--project <name>] [--json]'],
    text: [
      'Prints the counts of each project, or of each that --project names: how they changed, the last ' +
        'days as small bars, and what should be looked at. A single project is printed in full. It ' +
        'ends with 1 if no collector gives the counts.',
    ],
    options: [
      URL_OPTION,
      ['--data <folder>', 'the data folder of the collector to ask'],
      ['--project <name>', 'one project; may be repeated'],
      ['--json', 'print JSON'],
    ],
    run: async (args, context) =>
      (await import('./commands/stats-command.js')).showStats(args, context),
  },
  {
    name: 'logs',
    summary: 'prints and follows the log, also of other programs, and what it says together',
    usage: [
      'logs [--follow] [--level <level>] [--source <name>] [--since <when>] [options]',
      'logs report [--since <when>] [--file <file>] [--json]',
    ],
    text: [
      'Prints the log of a data folder, whether a collector runs or not: the last 200 lines, or those since a moment. With --file it reads the log of another program: lines of pino, of loguru with their tracebacks, and others. On a terminal it is written for people, elsewhere as NDJSON.',
      'report tells of bursts of errors, of the kinds of errors and which of them are new, and of the slowest routes: of the last 24 hours, or of all of a file.',
    ],
    options: [
      ['--follow, -f', 'go on with new lines, also if the file is rotated, cut, or not there yet'],
      ['--level <level>', 'the least level: trace, debug, info, warn, error or fatal'],
      ['--source <name>', 'the part of the program that speaks'],
      ['--since <when>', 'such as 15m, 2h, 7d or 2026-11-28T12:00:00Z'],
      ['--text <text>', 'lines with a text, in capitals or not'],
      ['--lines <n>', 'the last n lines'],
      ['--file <file>', 'the log of another program'],
      DATA_OPTION,
      ['--json', 'print NDJSON, and the report as JSON'],
    ],
    run: async (args, context) =>
      (await import('./commands/logs-command.js')).showLogs(args, context),
  },
  {
    name: 'health',
    summary: 'says whether the collector works; the check of a container',
    usage: ['health [--data <folder> | --url <url>]'],
    text: [
      'Says in one line whether the collector takes and counts reports, or the relay takes them. It ends with 0 if it does, else with 1. It asks the collector or relay of the data folder that --data or HEADCOUNT_DATA names.',
    ],
    options: [URL_OPTION, ['--data <folder>', 'the data folder of the collector to ask']],
    run: async (args, context) =>
      (await import('./commands/health-command.js')).tellHealth(args, context),
  },
  {
    name: 'check',
    summary: 'the same as a plugin of Nagios, with figures',
    usage: ['check [options]'],
    text: [
      'Prints one line with figures behind |, and ends with 0 (well), 1 (a warning), 2 (failing, or no answer) or 3 (not known). Warnings need a token of the level developer, or to be run on the collector’s own data folder; a relay’s, to be run on its machine.',
    ],
    options: [
      ['--url, -u <url>', 'the collector to ask (default: the one on this machine)'],
      ['--data <folder>', 'the data folder of the collector to ask'],
      ['--warning, -w <range>', 'warn if the answer takes longer, in seconds, such as 2'],
      ['--critical, -c <range>', 'the same for critical'],
      ['--timeout, -t <seconds>', 'no answer until then is critical (default: 10)'],
      ['--ignore <warning>', 'leave a warning of /health out; may be repeated'],
    ],
    run: async (args, context) =>
      (await import('./commands/check-command.js')).check(args, context),
  },
  {
    name: 'doctor',
    summary: 'looks at the data folder, disk, clocks, proxy and TLS, and says what to do',
    usage: ['doctor [--data <folder>] [--url <public url>] [--tls-key <file>]'],
    text: [
      'Looks at everything that the collector needs: the data folder with owner and mode, how long the disk takes to write, its room and growth, who may read the private key of HEADCOUNT_TLS_KEY, the store, replica and cache that HEADCOUNT_STORE, HEADCOUNT_READ_STORE and HEADCOUNT_CACHE name, clocks, what the running collector says, and, with --url, TLS and whether the proxy in front is trusted; of a relay, also the way to its collector. It changes nothing. Each line is ok, warn or FAIL; it ends with 1 if something has failed.',
    ],
    options: [
      DATA_OPTION,
      ['--url <url>', 'the URL by which clients reach the collector'],
      ['--tls-key <file>', 'the private key, where no variable names it'],
    ],
    run: async (args, context) =>
      (await import('./commands/doctor-command.js')).examineAll(args, context),
  },
  {
    name: 'digest',
    summary: 'prints the digest of the week as it is now',
    usage: ['digest [--print] [--url <url> | --data <folder>]'],
    text: [
      'Prints the digest that a running collector sends once a week by --digest-webhook or --digest-command, as it would be now. It is sent to nobody.',
    ],
    options: [
      ['--print', 'print it, which is all that the command does'],
      URL_OPTION,
      ['--data <folder>', 'the data folder of the collector to ask'],
    ],
    run: async (args, context) =>
      (await import('./commands/digest-command.js')).printDigest(args, context),
  },
  {
    name: 'token',
    summary: 'makes, lists, revokes and rotates what opens answers',
    usage: [
      'token create --level <level> [options]',
      'token list [--json] [--data <folder>]',
      'token revoke <id> [--data <folder>]',
      'token rotate [<id>] [--data <folder>]',
    ],
    text: [
      'A new token is shown once. rotate replaces the secret of a token; without an ID, that of the administrator’s in the file admin-token of the data folder. A running collector follows at once.',
    ],
    options: [
      ['--level <level>', 'restricted, developer or administrator'],
      ['--project <name>', 'the one project that it opens (default: all)'],
      ['--expires <when>', 'such as 12h, 90d or 2027-01-31 (default: never)'],
      ['--name <text>', 'for people'],
      DATA_OPTION,
      ['--json', 'print JSON'],
    ],
    run: async (args, context) =>
      (await import('./commands/token-command.js')).manageTokens(args, context),
  },
  {
    name: 'clean',
    summary: 'takes made-up people and values out of all answers, for 7 days reversibly',
    usage: [
      'clean --project <name> [options]',
      'clean --project <name> --remove [options]',
      'clean list [--url <url>] [--json]',
      'clean undo <id> [--url <url>]',
    ],
    text: [
      'Takes made-up data out of all answers: a project; with --day and --new the people who were new then; with --where version=9.9.9 those who had nothing else. It can be undone for 7 days; then the data is erased.',
    ],
    options: [
      ['--project <name>', 'the project'],
      ['--day <date>', 'people of this day, such as 2026-11-28'],
      ['--from <date>, --to <date>', 'people of these days'],
      ['--new', 'only those who were new then'],
      ['--where <dimension>=<value>', 'only those who had nothing but this value'],
      ['--remove', 'the whole project, also its settings, write key and manifest'],
      ['--dry-run', 'tell what would go, and take nothing'],
      URL_OPTION,
      ['--json', 'print JSON'],
    ],
    run: async (args, context) =>
      (await import('./commands/clean-command.js')).clean(args, context),
  },
  {
    name: 'annotation',
    summary: 'notes what happened on a day of a project, such as an incident',
    usage: [
      'annotation add --project <name> --date <date> [options] <text>',
      'annotation list --project <name> [--url <url>] [--json]',
      'annotation remove --project <name> <id> [--url <url>]',
    ],
    text: [
      'Notes something about a day of a project, or about several; lists the notes; removes one. The collector must run. Charts show the notes beside the counts, and the releases too, which need no note.',
    ],
    options: [
      ['--project <name>', 'the project'],
      ['--date <date>', 'its day, or the first of its days, such as 2026-11-28'],
      ['--to <date>', 'the last of its days (default: the same day)'],
      ['--kind <kind>', 'note or incident (default: note)'],
      ['--public', 'show it without a token too, where the project shows its distributions'],
      URL_OPTION,
      ['--data <folder>', 'the data folder of the collector to ask'],
      ['--json', 'print JSON'],
    ],
    run: async (args, context) =>
      (await import('./commands/annotation-command.js')).annotate(args, context),
  },
  {
    name: 'retention',
    summary: 'drops what is older than it may be',
    usage: ['retention [--dry-run] [options]'],
    text: ['Drops what is older than it may be, as a collector does once a day.'],
    options: [['--dry-run', 'only say how much that is, also while a collector runs']],
    takesConfig: 'retention',
    run: async (args, context) =>
      (await import('./commands/data-commands.js')).applyRetention(args, context),
  },
  {
    name: 'export',
    summary: 'writes everything that is kept of a kind',
    usage: ['export [options]'],
    text: [
      'Writes everything of a kind, also while a collector runs. It holds the pseudonymous hashes of users.',
    ],
    options: [
      ['--what <kind>', 'users, days, events, rollups, reports or quality (default: users)'],
      ['--format <format>', 'ndjson or csv (default: ndjson)'],
      ['--project <name>', 'one project'],
      ['--out <file>', 'a file (default: stdout)'],
      DATA_OPTION,
    ],
    run: async (args, context) =>
      (await import('./commands/data-commands.js')).exportData(args, context),
  },
  {
    name: 'backup',
    summary: 'writes everything that was acknowledged to one file',
    usage: ['backup <file> [options]', 'backup --forget <folder> [options]'],
    text: [
      'Writes everything that was acknowledged to one file, also while a collector runs. Deletions that follow are kept in the file erasures beside it.',
    ],
    options: [
      DATA_OPTION,
      ['--without-pepper', 'leave the key of user hashes out'],
      ['--forget <folder>', 'the backups in the folder are gone for good: keep no deletions there'],
    ],
    run: async (args, context) =>
      (await import('./commands/backup-command.js')).backUp(args, context),
  },
  {
    name: 'restore',
    summary: 'makes a data folder of a backup',
    usage: ['restore <file> [options]', 'restore --without-backup --replace [options]'],
    text: [
      'Makes a data folder of a backup. It refuses a folder that is not empty unless --replace is given: then the old content is moved aside, and what its journal still holds is counted.',
    ],
    options: [
      DATA_OPTION,
      ['--replace', 'move the old content of the data folder aside'],
      ['--without-erasures', 'go on if the file erasures is lost: deleted users come back'],
      ['--pepper <file>', 'the pepper of a backup without it'],
      ['--without-backup', 'begin with empty counts, and count what the journal holds'],
    ],
    run: async (args, context) =>
      (await import('./commands/backup-command.js')).restore(args, context),
  },
  {
    name: 'move',
    summary: 'moves the counts of a data folder to PostgreSQL, or back',
    usage: ['move --to <address> [--data <folder>]', 'move --from <address> [--data <folder>]'],
    text: [
      'Moves the counts of a stopped collector to an empty database of PostgreSQL, or from one to a data folder. It compares both at the end: only then the new place can be used, and the old one no longer. If it is ended before, the same command goes on. The journal stays in the folder, and what it holds is counted at the next start.',
    ],
    options: [
      ['--to <address>', 'where counts go, such as postgres://headcount@db1/headcount'],
      ['--from <address>', 'where counts come from; or the word store: what HEADCOUNT_STORE has'],
      DATA_OPTION,
    ],
    run: async (args, context) => (await import('./commands/move-command.js')).move(args, context),
  },
  {
    name: 'migrate',
    summary: 'brings the data folder to the schema of this release',
    usage: ['migrate [--rehearse] [options]'],
    text: ['Brings the data folder to the schema of this release, as every start does.'],
    options: [
      [
        '--rehearse',
        'try it on a copy, and say what was done and how long it took, also while a collector runs',
      ],
    ],
    takesConfig: 'data',
    run: async (args, context) =>
      (await import('./commands/migrate-command.js')).migrateData(args, context),
  },
];
