#!/usr/bin/env node
import { keepHeapsSmall } from './threads/keep-heaps-small.js';

// While the modules of the program load, the main thread's heap would grow for good: see ADR 0019.
keepHeapsSmall();
await import('./run-command.js');
