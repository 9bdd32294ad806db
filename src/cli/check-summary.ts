/** What `npx headcount check` does, in one line. */
export const CHECK_SUMMARY = 'run your program, and check what its telemetry promises to people';
