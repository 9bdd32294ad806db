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

/** Short programs, written as docs/clients.md shows it. */
const GO_SHORT = `package main

import (
	"fmt"
	"os"

	"example.com/app/headcount"
)

func main() {
	wait := headcount.Start(headcount.App{Project: os.Args[1], Version: os.Args[2], Endpoint: os.Args[3]})
	defer wait()
	fmt.Println("Hello!")
}
`;

const RUST_SHORT = `#[path = "headcount.rs"]
mod headcount;

fn main() {
    let args: Vec<&'static str> = std::env::args().skip(1).map(|arg| &*Box::leak(arg.into_boxed_str())).collect();
    let app = headcount::App { project: args[0], version: args[1], endpoint: args[2], channel: "" };
    let _reporting = headcount::start(app);
    println!("Hello!");
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
  writeFileSync(join(rust, 'short.rs'), RUST_SHORT);
  for (const [source, program] of [
    ['main.rs', 'rust-app'],
    ['short.rs', 'rust-short'],
  ] as const) {
    const flags = ['--edition=2018', '-D', 'warnings', '-o', join(folder, program)];
    execFileSync('/usr/bin/rustc', [...flags, join(rust, source)], { stdio: 'inherit' });
  }
  return folder;
}

function buildGo(folder: string): void {
  const go = join(folder, 'go');
  mkdirSync(join(go, 'headcount'), { recursive: true });
  copyFileSync(join(CLIENTS, 'go', 'headcount.go'), join(go, 'headcount', 'headcount.go'));
  writeFileSync(join(go, 'go.mod'), 'module example.com/app\n\ngo 1.19\n');
  writeFileSync(join(go, 'main.go'), GO_MAIN);
  mkdirSync(join(go, 'short'));
  writeFileSync(join(go, 'short', 'main.go'), GO_SHORT);
  const env = { ...process.env, GOCACHE: join(folder, 'go-cache'), GOFLAGS: '-mod=mod' };
  const run = (args: string[]) =>
    execFileSync('/usr/bin/go', args, { cwd: go, env, stdio: 'inherit' });
  const unformatted = execFileSync('/usr/bin/gofmt', ['-l', '.'], { cwd: go, encoding: 'utf8' });
  if (unformatted !== '') throw new Error(`gofmt would change ${unformatted}`);
  run(['vet', './...']);
  run(['build', '-o', join(folder, 'go-app'), '.']);
  run(['build', '-o', join(folder, 'go-short'), './short']);
}
