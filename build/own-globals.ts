// Put by the build in place of these globals: a vm context may have none of them.
export { atob } from 'node:buffer';
export { URL } from 'node:url';
