/** Appends an unsigned number as LEB128. */
export function writeVarint(bytes: number[], number: number): void {
  let rest = number;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
}

/** Reads the numbers that {@link writeVarint} wrote, one after the other. */
export class VarintReader {
  #at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get isAtEnd(): boolean {
    return this.#at >= this.bytes.length;
  }

  read(): number {
    let number = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.bytes[this.#at++] ?? 0;
      number += (byte & 127) * factor;
      if (byte < 128) return number;
    }
  }
}
