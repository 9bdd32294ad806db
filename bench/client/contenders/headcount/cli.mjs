import { track } from 'headcount';

track();
console.log('done');
