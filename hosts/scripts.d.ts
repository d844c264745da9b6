/** A shell script as text: bundled by esbuild's text loader, read by a transform under Jest. */
declare module "*.sh" {
  const text: string;
  export { text as default };
}
