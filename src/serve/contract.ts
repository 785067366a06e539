/** A way in for people and programs, without logic of its own: takes its arguments, resolves to the process's exit code. */
export type Transport = (args: readonly string[]) => Promise<number>
