/** The dimensions `channel` and `level`: `add-dimensions.ts` fills existing rows. */
export const channelAndLevel = 'SELECT 1;';
