import { defineEvents } from 'headcount';

export const events = defineEvents({
  greet: {
    description: 'Somebody was greeted.',
    fields: {
      language: ['en', 'de'],
      byName: { kind: 'boolean', description: 'Whether a name was given. Never which.' },
    },
    timed: true,
  },
});
