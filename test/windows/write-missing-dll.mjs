// Writes bcryptprimitives.dll into a folder: node write-missing-dll.mjs <folder>. Windows has it, and
// Wine 8 has not. Programs in Rust, such as libsql, need its ProcessPrng() for random bytes. The
// file has no code: it forwards the name to the function of advapi32.dll that does the same.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const NAME = 'bcryptprimitives.dll';
const FUNCTION = 'ProcessPrng';
const FORWARD = 'advapi32.SystemFunction036'; // RtlGenRandom

// https://learn.microsoft.com/windows/win32/debug/pe-format
const PART_BYTES = 0x200; // of the headers, and of the only section
const SECTION_AT = 0x1000; // in memory
const EXPORTS = { functions: 0x28, names: 0x2c, ordinals: 0x30, dll: 0x40, name: 0x60, to: 0x80 };
const EXPORT_BYTES = 0xa0;

function section() {
  const bytes = Buffer.alloc(PART_BYTES);
  const address = (offset) => SECTION_AT + offset;
  const [ORDINAL_BASE, FUNCTIONS, NAMES] = [1, 1, 1];
  [
    ...[address(EXPORTS.dll), ORDINAL_BASE, FUNCTIONS, NAMES],
    ...[address(EXPORTS.functions), address(EXPORTS.names), address(EXPORTS.ordinals)],
  ].forEach((value, at) => bytes.writeUInt32LE(value, 12 + 4 * at));
  // An address within the exports is a text that says where the function is.
  bytes.writeUInt32LE(address(EXPORTS.to), EXPORTS.functions);
  bytes.writeUInt32LE(address(EXPORTS.name), EXPORTS.names);
  bytes.write(NAME, EXPORTS.dll, 'latin1');
  bytes.write(FUNCTION, EXPORTS.name, 'latin1');
  bytes.write(FORWARD, EXPORTS.to, 'latin1');
  return bytes;
}

function headers() {
  const bytes = Buffer.alloc(PART_BYTES);
  const put = (base, values) => {
    for (const [offset, value, size = 4] of values) {
      if (size === 8) bytes.writeBigUInt64LE(BigInt(value), base + offset);
      else bytes.writeUIntLE(value, base + offset, size);
    }
  };
  const pe = 0x40;
  bytes.write('MZ', 0, 'latin1');
  bytes.writeUInt32LE(pe, 0x3c);
  bytes.write('PE\0\0', pe, 'latin1');
  const OPTIONAL_BYTES = 240;
  put(pe + 4, [
    [0, 0x8664, 2], // x64
    [2, 1, 2], // sections
    [16, OPTIONAL_BYTES, 2],
    [18, 0x2022, 2], // an executable image, large addresses, a DLL
  ]);
  const optional = pe + 24;
  put(optional, [
    [0, 0x20b, 2], // PE32+
    [24, 0x180000000, 8], // preferred address
    [32, SECTION_AT],
    [36, PART_BYTES],
    [40, 6, 2], // Windows
    [48, 6, 2],
    [56, 2 * SECTION_AT], // bytes in memory
    [60, PART_BYTES], // bytes of the headers
    [68, 3, 2], // a console program
    [70, 0x160, 2], // any address, no code on the stack
    [72, 0x100000, 8], // stack and heap: reserved, and in use
    [80, 0x1000, 8],
    [88, 0x100000, 8],
    [96, 0x1000, 8],
    [108, 16], // directories, of which the first is the exports
    [112, SECTION_AT],
    [116, EXPORT_BYTES],
  ]);
  const first = optional + OPTIONAL_BYTES;
  bytes.write('.rdata', first, 'latin1');
  put(first, [
    [8, PART_BYTES],
    [12, SECTION_AT],
    [16, PART_BYTES],
    [20, PART_BYTES], // where it begins in the file
    [36, 0x40000040], // data that is read
  ]);
  return bytes;
}

writeFileSync(join(process.argv[2], NAME), Buffer.concat([headers(), section()]));
