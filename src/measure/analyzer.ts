import { loadLeaf } from '../core/index.ts'
import { analyzers, type PortableAnalyzer } from '../store/index.ts'

/** The analyzer whose terms the lab's stores hold. */
export const wordAnalyzer = async (): Promise<PortableAnalyzer> => (await loadLeaf(analyzers, 'words'))()
