/** The names of the commands for users, in the order of the help. */
export const COMMAND_NAMES = [
  'status',
  'on',
  'off',
  'show',
  'export',
  'forget',
  'doctor',
  'manifest',
] as const;

/** The name of a command. */
export type CommandName = (typeof COMMAND_NAMES)[number];
