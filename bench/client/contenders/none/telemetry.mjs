/** The same app without telemetry: what every figure is compared with. */
export function start() {
  return { track() {}, async flush() {}, async close() {} };
}
