/**
 * A rich rule of firewalld that lets one source in, spelt as firewalld spells it when asked.
 *
 * @param family `ipv4` or `ipv6`
 * @param opening `2377/tcp` or a protocol
 * @see https://firewalld.org/documentation/man-pages/firewalld.richlanguage.html
 */
export function acceptRule(family: string, source: string, opening: string): string {
  const [port = "", protocol] = opening.split("/");
  const what =
    protocol === undefined
      ? `protocol value="${opening}"`
      : `port port="${port}" protocol="${protocol}"`;
  return `rule family="${family}" source address="${source}" ${what} accept`;
}
