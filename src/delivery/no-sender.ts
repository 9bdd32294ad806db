/** What a result says if the code that sends could not be run. */
export const NO_SENDER = 'no sender can be run here';
