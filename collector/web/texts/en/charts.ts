/** The texts of charts and of the tables below them. */
export const charts = {
  table: 'Table',
  csv: 'CSV',
  link: 'Link to this view',
};
