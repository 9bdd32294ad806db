import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the clients are, one folder for each language. */
export const CLIENTS = fileURLToPath(new URL('../../clients/', import.meta.url));

const GO_MAIN = `package main

import (
	"os"

	"example.com/app/headcount"
)

func main() {
	args := append(os.Args[1:], "")
	headcount.Report(headcount.App{Project: args[0], Version: args[1], Endpoint: args[2], Channel: args[3]})
}
`;

const RUST_MAIN = `#[path = "headcount.rs"]
mod headcount;

fn main() {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    args.push(String::new());
    let app = headcount::App { project: &args[0], version: &args[1], endpoint: &args[2], channel: &args[3] };
    headcount::report(&app);
}
`;

/** Builds a program for each client that needs a compiler, by Debian's own. Returns their folder. */
export function buildClients(): string {
  const folder = mkdtempSync(join(tmpdir(), 'headcount-clients-'));
  buildGo(folder);
  const rust = join(folder, 'rust');
  mkdirSync(rust);
  copyFileSync(join(CLIENTS, 'rust', 'headcount.rs'), join(rust, 'headcount.rs'));
  writeFileSync(join(rust, 'main.rs'), RUST_MAIN);
  const flags = ['--edition=2018', '-D', 'warnings', '-o', join(folder, 'rust-app')];
  execFileSync('/usr/bin/rustc', [...flags, join(rust, 'main.rs')], { stdio: 'inherit' });
  return folder;
}

function buildGo(folder: string): void {
  const go = join(folder, 'go');
  mkdirSync(join(go, 'headcount'), { recursive: true });
  copyFileSync(join(CLIENTS, 'go', 'headcount.go'), join(go, 'headcount', 'headcount.go'));
  writeFileSync(join(go, 'go.mod'), 'module example.com/app\n\ngo 1.19\n');
  writeFileSync(join(go, 'main.go'), GO_MAIN);
  const env = { ...process.env, GOCACHE: join(folder, 'go-cache'), GOFLAGS: '-mod=mod' };
  const run = (args: string[]) =>
    execFileSync('/usr/bin/go', args, { cwd: go, env, stdio: 'inherit' });
  const unformatted = execFileSync('/usr/bin/gofmt', ['-l', '.'], { cwd: go, encoding: 'utf8' });
  if (unformatted !== '') throw new Error(`gofmt would change ${unformatted}`);
  run(['vet', './...']);
  run(['build', '-o', join(folder, 'go-app'), '.']);
}
