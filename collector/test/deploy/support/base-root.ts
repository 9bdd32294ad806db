import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Of Debian's programs, those that the steps of the image use; the real base has all of them. */
const PROGRAMS = ['sh', 'env', 'mkdir', 'rm', 'ln', 'chown', 'find'];

/** Of Debian's packages, those whose libraries every program may load. */
const PACKAGES = ['libc6', 'libgcc-s1', 'libstdc++6'];

const which = (program: string): string =>
  realpathSync(execFileSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim());

/**
 * Fills an empty folder with what stands for the image `node:20-bookworm-slim`: this machine's Node,
 * npm and a few programs with their libraries, and the user `node`. It has less than the real one, so
 * that a step that needs more fails here.
 */
export function makeBaseRoot(root: string): void {
  for (const path of ['usr/bin', 'usr/sbin', 'usr/lib', 'usr/lib64', 'usr/local/bin', 'etc']) {
    mkdirSync(join(root, path), { recursive: true });
  }
  for (const path of ['bin', 'sbin', 'lib', 'lib64']) symlinkSync(`usr/${path}`, join(root, path));
  for (const path of ['proc', 'dev', 'root', 'home/node', 'var', 'run']) {
    mkdirSync(join(root, path), { recursive: true });
  }
  mkdirSync(join(root, 'tmp'), { mode: 0o1777 });
  const node = realpathSync(process.execPath);
  cpSync(node, join(root, 'usr/local/bin/node'));
  const libraries = new Set([...librariesOf(node), ...librariesIn(PACKAGES)]);
  for (const program of PROGRAMS) {
    const file = which(program);
    cpSync(file, join(root, 'usr/bin', program));
    for (const library of librariesOf(file)) libraries.add(library);
  }
  for (const library of libraries) {
    const target = join(root, 'usr', library.replace(/^\/usr\//, ''));
    mkdirSync(dirname(target), { recursive: true });
    cpSync(realpathSync(library), target);
  }
  const npm = dirname(dirname(which('npm')));
  cpSync(npm, join(root, 'usr/local/lib/node_modules/npm'), { recursive: true });
  for (const name of ['npm', 'npx']) {
    const link = `../lib/node_modules/npm/bin/${name}-cli.js`;
    symlinkSync(link, join(root, 'usr/local/bin', name));
  }
  writeFileSync(
    join(root, 'etc/passwd'),
    'root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n',
  );
  writeFileSync(join(root, 'etc/group'), 'root:x:0:\nnode:x:1000:\n');
  for (const file of ['/etc/resolv.conf', '/etc/hosts', '/etc/nsswitch.conf']) {
    if (existsSync(file)) writeFileSync(join(root, file), readFileSync(file));
  }
  // How this machine reaches the registry, as a builder behind a proxy is told.
  const certificates = '/etc/ssl/certs/ca-certificates.crt';
  if (existsSync(certificates)) {
    mkdirSync(join(root, dirname(certificates)), { recursive: true });
    cpSync(realpathSync(certificates), join(root, certificates));
  }
}

/** The shared libraries of a program, and the loader. */
function librariesOf(program: string): readonly string[] {
  const found = execFileSync('ldd', [program], { encoding: 'utf8' });
  return [...found.matchAll(/(\/\S+\.so\S*) \(/g)]
    .map(([, path = '']) => path)
    .filter((path) => basename(path).startsWith('l'));
}

function librariesIn(packages: readonly string[]): readonly string[] {
  const files = execFileSync('dpkg', ['-L', ...packages], { encoding: 'utf8' }).split('\n');
  return files.filter((file) => /^\/lib.*\/lib[^/]+\.so\S*$/.test(file) && existsSync(file));
}
