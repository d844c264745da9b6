/** Jest's transform for `import script from "./x.sh"`: the text of the script, as esbuild's text loader gives it. */
const transformer = {
  process: (text) => ({
    code: `Object.defineProperty(exports, "__esModule", { value: true }); exports.default = ${JSON.stringify(text)};`,
  }),
};

// Jest asks for a default export.
export { transformer as default };
