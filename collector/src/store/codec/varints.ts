/** Writes unsigned numbers as LEB128, one after the other. */
export class VarintWriter {
  #bytes = Buffer.allocUnsafe(1024);
  #length = 0;

  write(number: number): void {
    // A number of 53 bits takes 8 bytes.
    if (this.#length + 8 > this.#bytes.length) {
      this.#bytes = Buffer.concat([this.#bytes, Buffer.allocUnsafe(this.#bytes.length)]);
    }
    let rest = number;
    for (; rest > 127; rest = Math.floor(rest / 128)) {
      this.#bytes[this.#length++] = (rest % 128) | 128;
    }
    this.#bytes[this.#length++] = rest;
  }

  /** Writes numbers as they were written before. */
  copy(bytes: Uint8Array): void {
    while (this.#length + bytes.length > this.#bytes.length) {
      this.#bytes = Buffer.concat([this.#bytes, Buffer.allocUnsafe(this.#bytes.length)]);
    }
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Gives what was written since the last call. */
  take(): Buffer {
    const written = Buffer.from(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    return written;
  }
}

/** Reads the numbers that {@link VarintWriter} wrote, one after the other. */
export class VarintReader {
  #at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get isAtEnd(): boolean {
    return this.#at >= this.bytes.length;
  }

  /** Passes over some numbers. @returns Their bytes. */
  skip(numbers: number): Uint8Array {
    const start = this.#at;
    for (let left = numbers; left > 0 && !this.isAtEnd; left--) {
      while ((this.bytes[this.#at++] ?? 0) > 127);
    }
    return this.bytes.subarray(start, this.#at);
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
