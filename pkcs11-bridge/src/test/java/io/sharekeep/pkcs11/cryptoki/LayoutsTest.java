package io.sharekeep.pkcs11.cryptoki;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Against what gcc 12 on Debian 12 (x86-64) says of the OASIS structures: sizeof and offsetof
 * compiled from pkcs11.h of NSS 3.87, whose CK_C_INITIALIZE_ARGS alone is one pointer longer.
 */
final class LayoutsTest {
  @Test
  void everySizeAndOffsetIsWhatTheCompilerSays() {
    var compiled =
        Map.<String, Long>ofEntries(
            Map.entry("CK_INTERFACE", 24L),
            Map.entry("CK_INTERFACE.pFunctionList", 8L),
            Map.entry("CK_C_INITIALIZE_ARGS", 48L),
            Map.entry("CK_C_INITIALIZE_ARGS.flags", 32L),
            Map.entry("CK_INFO", 88L),
            Map.entry("CK_INFO.cryptokiVersion", 0L),
            Map.entry("CK_INFO.manufacturerID", 2L),
            Map.entry("CK_INFO.libraryDescription", 48L),
            Map.entry("CK_INFO.libraryVersion", 80L),
            Map.entry("CK_TOKEN_INFO", 208L),
            Map.entry("CK_TOKEN_INFO.label", 0L),
            Map.entry("CK_TOKEN_INFO.manufacturerID", 32L),
            Map.entry("CK_TOKEN_INFO.model", 64L),
            Map.entry("CK_TOKEN_INFO.serialNumber", 80L),
            Map.entry("CK_TOKEN_INFO.flags", 96L),
            Map.entry("CK_TOKEN_INFO.ulMaxSessionCount", 104L),
            Map.entry("CK_TOKEN_INFO.hardwareVersion", 184L),
            Map.entry("CK_TOKEN_INFO.firmwareVersion", 186L),
            Map.entry("CK_SESSION_INFO", 32L),
            Map.entry("CK_SESSION_INFO.state", 8L),
            Map.entry("CK_ATTRIBUTE", 24L),
            Map.entry("CK_ATTRIBUTE.type", 0L),
            Map.entry("CK_ATTRIBUTE.pValue", 8L),
            Map.entry("CK_ATTRIBUTE.ulValueLen", 16L),
            Map.entry("CK_MECHANISM", 24L),
            Map.entry("CK_MECHANISM.mechanism", 0L),
            Map.entry("CK_MECHANISM.pParameter", 8L),
            Map.entry("CK_MECHANISM.ulParameterLen", 16L),
            Map.entry("CK_GCM_PARAMS", 48L),
            Map.entry("CK_GCM_PARAMS.pIv", 0L),
            Map.entry("CK_GCM_PARAMS.ulIvLen", 8L),
            Map.entry("CK_GCM_PARAMS.ulIvBits", 16L),
            Map.entry("CK_GCM_PARAMS.pAAD", 24L),
            Map.entry("CK_GCM_PARAMS.ulAADLen", 32L),
            Map.entry("CK_GCM_PARAMS.ulTagBits", 40L),
            Map.entry("CK_FUNCTION_LIST", 552L));
    var ours =
        Map.<String, Long>ofEntries(
            Map.entry("CK_INTERFACE", Layouts.INTERFACE_SIZE),
            Map.entry("CK_INTERFACE.pFunctionList", Layouts.INTERFACE_LIST),
            Map.entry("CK_C_INITIALIZE_ARGS", Layouts.INIT_SIZE),
            Map.entry("CK_C_INITIALIZE_ARGS.flags", Layouts.INIT_FLAGS),
            Map.entry("CK_INFO", Layouts.INFO_SIZE),
            Map.entry("CK_INFO.cryptokiVersion", Layouts.INFO_VERSION),
            Map.entry("CK_INFO.manufacturerID", Layouts.INFO_MANUFACTURER),
            Map.entry("CK_INFO.libraryDescription", Layouts.INFO_DESCRIPTION),
            Map.entry("CK_INFO.libraryVersion", Layouts.INFO_LIBRARY_VERSION),
            Map.entry("CK_TOKEN_INFO", Layouts.TOKEN_SIZE),
            Map.entry("CK_TOKEN_INFO.label", Layouts.TOKEN_LABEL),
            Map.entry("CK_TOKEN_INFO.manufacturerID", Layouts.TOKEN_MANUFACTURER),
            Map.entry("CK_TOKEN_INFO.model", Layouts.TOKEN_MODEL),
            Map.entry("CK_TOKEN_INFO.serialNumber", Layouts.TOKEN_SERIAL),
            Map.entry("CK_TOKEN_INFO.flags", Layouts.TOKEN_FLAGS),
            Map.entry("CK_TOKEN_INFO.ulMaxSessionCount", Layouts.TOKEN_MAX_SESSIONS),
            Map.entry("CK_TOKEN_INFO.hardwareVersion", Layouts.TOKEN_HARDWARE),
            Map.entry("CK_TOKEN_INFO.firmwareVersion", Layouts.TOKEN_FIRMWARE),
            Map.entry("CK_SESSION_INFO", Layouts.SESSION_SIZE),
            Map.entry("CK_SESSION_INFO.state", Layouts.SESSION_STATE),
            Map.entry("CK_ATTRIBUTE", Layouts.ATTRIBUTE_SIZE),
            Map.entry("CK_ATTRIBUTE.type", Layouts.ATTRIBUTE_TYPE),
            Map.entry("CK_ATTRIBUTE.pValue", Layouts.ATTRIBUTE_VALUE),
            Map.entry("CK_ATTRIBUTE.ulValueLen", Layouts.ATTRIBUTE_LENGTH),
            Map.entry("CK_MECHANISM", Layouts.MECHANISM_SIZE),
            Map.entry("CK_MECHANISM.mechanism", Layouts.MECHANISM_TYPE),
            Map.entry("CK_MECHANISM.pParameter", Layouts.MECHANISM_PARAMETER),
            Map.entry("CK_MECHANISM.ulParameterLen", Layouts.MECHANISM_LENGTH),
            Map.entry("CK_GCM_PARAMS", Layouts.GCM_SIZE),
            Map.entry("CK_GCM_PARAMS.pIv", Layouts.GCM_IV),
            Map.entry("CK_GCM_PARAMS.ulIvLen", Layouts.GCM_IV_LENGTH),
            Map.entry("CK_GCM_PARAMS.ulIvBits", Layouts.GCM_IV_BITS),
            Map.entry("CK_GCM_PARAMS.pAAD", Layouts.GCM_AAD),
            Map.entry("CK_GCM_PARAMS.ulAADLen", Layouts.GCM_AAD_LENGTH),
            Map.entry("CK_GCM_PARAMS.ulTagBits", Layouts.GCM_TAG_BITS),
            Map.entry("CK_FUNCTION_LIST", Layouts.FUNCTIONS + 8 * Layouts.FUNCTION_COUNT));
    assertEquals(new TreeMap<>(compiled), new TreeMap<>(ours));
  }
}
