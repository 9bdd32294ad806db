const { track } = require('headcount');

track();
console.log('done');
