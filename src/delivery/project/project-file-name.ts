/** The file in a project's root that says what it is made of. */
export const projectFileName = 'headgate.yaml';
