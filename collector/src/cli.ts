#!/usr/bin/env node
import { limitHeaps } from './threads/limit-heaps.js';

// Before anything else is loaded, which makes most of the garbage of a start.
limitHeaps();
await import('./command-line.js');
