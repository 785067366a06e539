/** Systems that show what a figure is worth. */
export const alwaysDrawn = ['head', 'random', 'oracle', 'bm25-passages', 'bm25-sentences'] as const
