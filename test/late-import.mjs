/** Jest's transform for sources that import something late, which its own modules can only require. */
import { transformSync } from "esbuild";

const transformer = {
  process: (text, sourcefile) => ({
    code: transformSync(text, {
      loader: "ts",
      format: "cjs",
      target: "node20",
      supported: { "dynamic-import": false },
      sourcemap: "inline",
      sourcefile,
    }).code,
  }),
};

// Jest asks for a default export.
export { transformer as default };
