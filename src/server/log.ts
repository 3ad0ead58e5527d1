/** What happened, for whoever runs the control plane. Never holds a secret. */
export type Log = (kind: 'started' | 'trouble' | 'bug', text: string) => void;
