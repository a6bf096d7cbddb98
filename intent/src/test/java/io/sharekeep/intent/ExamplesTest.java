package io.sharekeep.intent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import fr.acinq.secp256k1.Secp256k1;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real transactions of mainnet: with the signature that is there, they are what is there. */
class ExamplesTest {
  private static final Path EXAMPLES = Path.of("../examples");

  private static byte[] read(String name) throws IOException {
    return Bytes.ofHex(Files.readString(EXAMPLES.resolve(name)).strip()).toArray();
  }

  @ParameterizedTest
  @CsvSource({
    "evm-transfer.hex, transfer, 1,"
        + "69be171dfa805790a28f1bfcd131eb2aa8f345f601c4a3659de4ae8d624a7b89"
        + "6e0f6ed7d035397547aeac0e5130847570f4b607350f71c1391b7cb7f9dd604c,"
        + "0x5b2f242c755ec9f9ed36628331991bd6c90b712b5867a0c7f3a4516caf09cc68",
    "evm-approve.hex, grant, 0,"
        + "170f981789f3265ec823403335db3c9da85a191720417b9d29253cbd56e6a3c9"
        + "5f8dd3422141cc9c158a776069769fd6b6ac35d1a9c6a2b3d3722b28fd5f9759,"
        + "0x698f4dc5e9948d62733d84c4adce663e06fe9c2a42c1bce9dc675fc0ae66cfdc",
    "evm-usdc-small.hex, transfer, 0,"
        + "9bfc24a2e5068063333d1846203b17567e7651c8d1a3694c9d9e34b4675c2c52"
        + "7812262351929c7d17d6ae3304f74041263316f1cd271e1c91c21bdeddb3e23e,"
        + "0xa0c9b40b8288159fee100742f796a36bea9468c475454159c82081b9bcffd737",
    "evm-usdc-large.hex, transfer, 0,"
        + "49c0f50df4219481e031ac35816946daef9d08004f3324f7f46f6938488025ab"
        + "2a4bda81f792bc5b7033804e39b7e55e619e56de1afcddd2ae4943ae5e7737c4,"
        + "0x07151ed9706e4dffb31eaaac2ed1be5c6f05a9eef63c8f7c6ecad9ca8731aa22",
    "evm-usdc-unlisted.hex, transfer, 1,"
        + "96cac1bcd991d9503a57399a58bee1194f4a3a6a0d19b153de41e6fc9596757f"
        + "4e0675dc544bec595be34d0e39c8d263648e8e17d09b6d78824bef18b536e5e9,"
        + "0x3a06e805d4aa83bbf301896180f8b917874752da25484a687618cb9291664620"
  })
  void withItsSignatureItIsTheTransactionOnChain(
      String file, String kind, int parity, String signature, String id) throws IOException {
    var payload = read(file);
    var seen =
        Answers.decoded(Decoders.inspect(Purpose.EVM_TX, payload, Optional.empty(), Terms.NONE));
    assertEquals(kind, seen.kind().label());
    var library = Secp256k1.get();
    var compact = Bytes.ofHex(signature).toArray();
    var key =
        library.pubKeyCompress(
            library.ecdsaRecover(compact, seen.inputs().getFirst().bytes().toArray(), parity));
    var account = new Account(ChainId.ETHEREUM, Bytes.of(key));
    var signed = Decoders.assemble(Purpose.EVM_TX, payload, account, List.of(compact));
    assertEquals(id, signed.id());
  }

  @Test
  void theApprovalIsForPermit2AndWithoutBound() throws IOException {
    var intent =
        Answers.decoded(
            Decoders.inspect(
                Purpose.EVM_TX, read("evm-approve.hex"), Optional.empty(), Terms.NONE));
    var grant = intent.grants().getFirst();
    assertEquals("0x000000000022D473030F116dDEE9F6B43aC78BA3", grant.grantee().address());
    assertEquals(Optional.empty(), grant.amount());
    assertEquals(List.of(Warning.UNLIMITED_GRANT, Warning.GRANT_WITHOUT_END), intent.warnings());
  }
}
