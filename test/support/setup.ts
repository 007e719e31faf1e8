import fc from 'fast-check';

/** The same examples at every run, so that red means changed. `FC_SEED=…` looks at others. */
fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 20_261_120) });
