// Property tests take the same cases at each run; FOVEA_SEED=random (or a number) explores others.
import fc from 'fast-check'

const seed = process.env.FOVEA_SEED ?? '1'
if (seed !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed) })
