/** The common settings are all that a local target has. */
export const localSettings = {} as const;
