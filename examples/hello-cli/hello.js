#!/usr/bin/env node
import { track } from 'headcount';

track();

const [name = 'world'] = process.argv.slice(2);
console.log(`Hello, ${name}!`);
