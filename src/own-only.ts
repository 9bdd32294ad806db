/**
 * A copy without a prototype. If the app or one of its packages has polluted `Object.prototype`,
 * the optional properties that a value does not have are still absent.
 */
export const ownOnly = <T extends object>(value: T): T => ({ __proto__: null, ...value });
