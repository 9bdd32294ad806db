// The deep imports of the sender: all of undici is more than twice the size. build/README.md tells
// how to update undici.
declare module 'undici/lib/dispatcher/agent.js' {
  import { Agent } from 'undici';
  export default Agent;
}
declare module 'undici/lib/core/socks5-client.js' {
  import type { EventEmitter } from 'node:events';
  import type { Socket } from 'node:net';
  export class Socks5Client extends EventEmitter {
    constructor(socket: Socket, user?: { readonly username: string; readonly password: string });
    /** Greets the proxy. Emits `authenticated`, or `error`. */
    handshake(): void;
    /** Asks for the target. Emits `connected`, or `error`. */
    connect(hostname: string, port: number): void;
  }
}
