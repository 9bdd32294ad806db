/** The texts of the bar that says which days a page shows. */
export const range = {
  name: 'Range',
  ranges: {
    '7d': '7 days',
    '28d': '28 days',
    '90d': '90 days',
    '12m': '12 months',
    custom: 'Custom',
  },
  span: (from: string, to: string) => `${from} – ${to}`,
  from: 'First day',
  to: 'Last day',
  show: 'Show',
  compare: 'Compare with:',
  comparisons: {
    weekdays: 'same weekdays before',
    year: 'a year before',
    none: 'nothing',
  },
  zones: 'Times in',
  zoneOfDays: (zone: string) => `${zone} (days are those of it)`,
  asOf: (time: string, zone: string) => `as of ${time}, ${zone}`,
};
