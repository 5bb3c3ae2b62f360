import Shared

@testable import AuthService

/// Published keys, and some made with the openssl command, as their files have them.
enum KeyVectors {
    /// RFC 7520 section 3.4, with the private half.
    static let rsa = #"{"kty":"RSA","kid":"bilbo.baggins@hobbiton.example","use":"sig",\#(rsaNumbers),\#(rsaPrivate)}"#
    static let rsaNumbers =
        #""n":"n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_AJmSCpMaJMRBSFKrKb2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHYpPe7Tpe-OfVfHd1E6cS6M1FZcD1NNLYD5lFHpPI9bTwJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L_vniUFAKwuCLqKnS2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQkqgc5gHdrNP5zw","e":"AQAB""#
    static let rsaPrivate = #"\#(rsaD),\#(rsaFactors)"#
    static let rsaD =
        #""d":"bWUC9B-EFRIo8kpGfh0ZuyGPvMNKvYWNtB_ikiH9k20eT-O1q_I78eiZkpXxXQ0UTEs2LsNRS-8uJbvQ-A1irkwMSMkK1J3XTGgdrhCku9gRldY7sNA_AKZGh-Q661_42rINLRCe8W-nZ34ui_qOfkLnK9QWDDqpaIsA-bMwWWSDFu2MUBYwkHTMEzLYGqOe04noqeq1hExBTHBOBdkMXiuFhUq1BU6l-DqEiWxqg82sXt2h-LMnT3046AOYJoRioz75tSUQfGCshWTBnP5uDjd18kKhyv07lhfSJdrPdM5Plyl21hsFf4L_mHCuoFau7gdsPfHPxxjVOcOpBrQzwQ""#
    static let rsaFactors =
        #""p":"3Slxg_DwTXJcb6095RoXygQCAZ5RnAvZlno1yhHtnUex_fp7AZ_9nRaO7HX_-SFfGQeutao2TDjDAWU4Vupk8rw9JR0AzZ0N2fvuIAmr_WCsmGpeNqQnev1T7IyEsnh8UMt-n5CafhkikzhEsrmndH6LxOrvRJlsPp6Zv8bUq0k","q":"uKE2dh-cTf6ERF4k4e_jy78GfPYUIaUyoSSJuBzp3Cubk3OCqs6grT8bR_cu0Dm1MZwWmtdqDyI95HrUeq3MP15vMMON8lHTeZu2lmKvwqW7anV5UzhM1iZ7z4yMkuUwFWoBvyY898EXvRD-hdqRxHlSqAZ192zB3pVFJ0s7pFc","dp":"B8PVvXkvJrj2L-GYQ7v3y9r6Kw5g9SahXBwsWUzp19TVlgI-YV85q1NIb1rxQtD-IsXXR3-TanevuRPRt5OBOdiMGQp8pbt26gljYfKU_E9xn-RULHz0-ed9E9gXLKD4VGngpz-PfQ_q29pk5xWHoJp009Qf1HvChixRX59ehik","dq":"CLDmDGduhylc9o7r84rEUVn7pzQ6PF83Y-iBZx5NT-TpnOZKF1pErAMVeKzFEl41DlHHqqBLSM0W1sOFbwTxYWZDm6sI6og5iTbwQGIC3gnJKbi_7k_vJgGHwHxgPaX2PnvP-zyEkDERuf-ry4c_Z11Cq9AqC2yeL6kdKT1cYF8","qi":"3PiqvXQN0zwMeE-sBvZgi289XP9XCQF3VWqPzMKnIgQp7_Tugo6-NZBKCQsMf3HaEGBjTVJs_jcK8-TRXvaKe-7ZMaQj8VfBdYkssbu0NKDDhjJ-GtiseaDVWt7dcH0cfwxgFUHpQh7FoCrjFJ6h6ZEpMF6xmujs4qMpPz8aaI4""#

    /// RFC 7515 appendix A.2, the public half.
    static let rsaAppendixA2 =
        #"{"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"}"#

    /// RFC 7515 appendix A.3.
    static let p256 =
        #"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}"#

    /// RFC 7515 appendix A.4.
    static let p521 =
        #"{"kty":"EC","crv":"P-521","x":"AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk","y":"ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2","d":"AY5pb7A0UFiB3RELSD64fTLOSV_jazdF7fLYyuTw8lOfRhWg6Y6rUrPAxerEzgdRhajnu0ferB0d53vM9mE15j2C"}"#

    /// RFC 7520 section 3.2, with the private half.
    static let p521Hobbiton =
        #"{"kty":"EC","kid":"bilbo.baggins@hobbiton.example","use":"sig","crv":"P-521","x":"AHKZLLOsCOzz5cY97ewNUajB957y-C-U88c3v13nmGZx6sYl_oJXu9A5RkTKqjqvjyekWF-7ytDyRXYgCF5cj0Kt","y":"AdymlHvOiLxXkEhayXQnNCvDX4h9htZaCJN34kfmC6pV5OhQHiraVySsUdaQkAgDPrwQrJmbnX9cwlGfP-HqHZR1","d":"AAhRON2r9cqXX1hg-RoI6R1tX5p2rUAYdmpHZoC1XNM56KtscrX6zbKipQrCW9CGZH3T4ubpnoTKLDYJ_fF3_rJt"}"#

    /// RFC 7520 section 3.5.
    static let secret =
        #"{"kty":"oct","kid":"018c0ae5-4d9b-471b-bfd6-eef314bc7037","use":"sig","alg":"HS256","k":"hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg"}"#

    /// RFC 8037 appendix A.1.
    static let ed25519 =
        #"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}"#

    /// Two primes that are powers of 65537 modulo the product of the small primes, as the library of ROCA made them.
    static let rocaNumbers =
        #""n":"7c4JNPZTmrl0x_T2y8ihAqcPUr9nCdw1jgm26ihNlKjxVsO_0-C87mnPoV0j2riqioP9w4QzmkbC010Ji-BzUSIzttk8mKYBqA859KKQMbg-mpgo1tpPdUdljF-olTQ8556ucQL-04ATk7HqPDSMuQ1kj-g9MSgIVPhCJmRnZxmBqdFOZQMqm619UrfYFk-2-lnfIscYsEbSgX0lokhBp41j01t7tHPNU8YpCE2Vf_rQAfo6PW4H-e3qDya2Vvgt2qnFADXxPvhVNzSqWyG8JTFZTQqU7cMe3311sxkXH3JCNoPjqQI5LB7eTAxicU9SL9dWvC7Dp1__qC-moHV5rQ","e":"AQAB""#

    /// 1024 bits.
    static let shortNumbers =
        #""n":"3t4BjBOvvWrTuXpGcwcJLalhUYas4bAF-UAudviQ7KAZ_TdLewAfv4oZZJPO-kAEy9AUlivRYDoFj2JWcW8dCfct6v-p_oH3NUs5lC46-7XtOKCtxBOngweytdoNbnWes7utV6hjB6xZo5f4Q7leHElpJqwzesKNvwZi2QceVIc","e":"AQAB""#

    static let pemP256 = """
        -----BEGIN EC PARAMETERS-----
        BggqhkjOPQMBBw==
        -----END EC PARAMETERS-----
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEINoUBPtupMc6RVuC9+Pn7h3gqD2UzGCk52DtwXmX7ZHzoAoGCCqGSM49
        AwEHoUQDQgAEJyUnNctm6b/bmJU9ffKoAPp8LWkUncl2/PjBfsrzlNeUjiUrNrIs
        XYnLpkK6xpPS+oFqYRFKlDryq0QyAtpAXw==
        -----END EC PRIVATE KEY-----

        """

    static let pemEd25519 = """
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VwBCIEIIPHTs1TydVkswPA4mlJFps1gRkMvWKaF/BWTEIvNi8O
        -----END PRIVATE KEY-----

        """

    static let pemEd25519Public = """
        -----BEGIN PUBLIC KEY-----
        MCowBQYDK2VwAyEAqAg6kOHN6nQlMIV6Bxg5kI2x1oUH5nQeBg/jbRvuki8=
        -----END PUBLIC KEY-----

        """

    /// A curve that no token is signed with here.
    static let pemSecp256k1 = """
        -----BEGIN EC PRIVATE KEY-----
        MHQCAQEEIPnMwZgUKNFNs4OBRuqjsgC/93eswxaIWZOhEC7SoAeHoAcGBSuBBAAK
        oUQDQgAEcbqyqZoaFxqOp1SXJ9+VZyEgRVC3wuAqvjN83LzlJAcZcaBDFIvWOdnu
        OA+FgF8gcuXtHo24qPCXpOFHsY0sxg==
        -----END EC PRIVATE KEY-----

        """

    static func key(_ text: String) throws -> TokenKey {
        let keys = try KeyFile(Array(text.utf8)).keys
        guard let key = keys.first, keys.count == 1 else { throw TokenFixtures.NoKey() }
        return key
    }

    /// Why a file is refused; nil when it is not.
    static func refusal(_ text: String) -> KeyFileError? {
        do throws(KeyFileError) {
            _ = try KeyFile(Array(text.utf8))
            return nil
        } catch {
            return error
        }
    }

    /// The JWK without the private members.
    static func publicHalf(_ text: String) throws -> String {
        let key = try key(text)
        let bytes = JSONWriter.bytes { writer in
            writer.object { JSONWebKeyWriter.publicMembers(of: key, to: &$0) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
