import { mismatch, text } from "./forms";
import type { Form } from "./reading";

const domain = String.raw`(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\[[a-fA-F0-9:]+\])(?::\d+)?`;
const part = String.raw`[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*`;
const pattern = new RegExp(
  String.raw`^(?:(${domain})\/)?${part}(?:\/${part})*(?::\w[\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?$`,
);
const longest = 512;

/**
 * The reference of an image, as it is written.
 *
 * @see https://github.com/distribution/reference/blob/v0.6.0/regexp.go
 */
export const image: Form<string> = (value, path, reading) => {
  const got = text(value, path, reading);
  if (got === undefined) return undefined;
  if (got.length <= longest && pattern.test(got) && !/^[0-9a-f]{64}$/.test(got)) return got;
  mismatch(
    value,
    path,
    reading,
    'an image in lower case such as "nginx:1.27" or "registry.example.com:5000/team/app:2"',
  );
  return undefined;
};
