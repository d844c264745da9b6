import { Decrypter, Encrypter } from "age-encryption";

/**
 * Encrypts with a passphrase, in the format of age: `age --decrypt FILE` reads it anywhere.
 *
 * @see https://age-encryption.org/v1
 */
export async function seal(bytes: Buffer, passphrase: string): Promise<Buffer> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  return Buffer.from(await encrypter.encrypt(bytes));
}

/** @throws Error when the file is not age's, was changed, or has another passphrase */
export async function open(bytes: Buffer, passphrase: string): Promise<Buffer> {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  try {
    return Buffer.from(await decrypter.decrypt(bytes));
  } catch (error) {
    throw new Error(
      "--file: it cannot be decrypted; expected a file that was encrypted by age with the passphrase of this stack. " +
        "Give the passphrase of that time in PULUMI_CONFIG_PASSPHRASE_FILE.",
      { cause: error },
    );
  }
}
