/** `/sign-in`: where a token is exchanged for a session. */
export interface SignInContent {
  readonly page: 'sign-in';
  /** The path to go to afterwards, below the base path. */
  readonly next: string;
  /** Why the last try did not succeed. */
  readonly failure: 'wrong-token' | 'too-many' | null;
}
