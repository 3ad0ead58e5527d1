/** What a check report can be written as, beside text for people. `github`: annotations; `gitlab`: Code Quality. */
export const reportFormats = ['json', 'markdown', 'sarif', 'junit', 'github', 'gitlab'] as const;
export type ReportFormat = (typeof reportFormats)[number];
