// Put by the build in place of these globals: a vm context may have none of them.
export { atob } from 'node:buffer';
export { URL } from 'node:url';

// Kept from when the file is read: an app may delete or replace its globals later. Not `Date`, so
// that a test's clock applies.
export const { Array, JSON, Map, Math, Number, Object, Promise, String, Symbol } = globalThis;
