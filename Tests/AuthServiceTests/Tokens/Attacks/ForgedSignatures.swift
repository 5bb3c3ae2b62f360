/// Blocks of PKCS #1 v1.5 (RFC 8017 section 9.2) and of PSS (section 9.1) that are a little wrong, signed with the private
/// number of RFC 7520's key by plain arithmetic: what an attacker makes without the key where the exponent is 3, and what a
/// lax verifier takes. All are over `{"alg":"RS256"}` or `{"alg":"PS256"}` with the payload `{}`.
enum ForgedSignatures {
    static let goodPKCS1 =
        "gif-L_9LEGrOGk7QGQLBPWRfJW3e3In-QXijmyeE_HyNx5WMc-5VA_F30C1vnmwYWvEm5ZefpmfmBWk8hbJsabN_XG9V9raaxYZvQS7OIzv8XB6WRTx1wYIPzNTCvA992inGaDJCtxjhwH3hQH7bGqDEHheK4eb35Nny7paLLaay4x87XGFMS1Y4nXdQ7xSVdVW9xzuScWSm3rp4zesi3-u5PKzuzS1LZ81a0vnlRDc2siyOwLx9NC0h47QJ9-jZfF0hnbJV9UQzL09PoOK9KIAUQF9MKXzNz-Zxrsp0VE6CgPgBxDI-JIuxDSVs4pWujzlOC1X48hbIThmvgIqzAg"

    static let pkcs1: [(name: String, signature: String)] = [
        (
            "Bleichenbacher 2006 (CVE-2006-4339): short padding, and garbage behind the digest",
            "BOA0JwamywowNzULHtEn4FkNa1lgX9ca_dRVYAu-K3mIK4s3V9sEc5HmJ3AbMpj2loYLMRV6Cw4F4ke4v_vNk9VLjG2pgA5sKK17gyeKc9oYjOHcJp6_2F2MbsTpPtvXxKOdhbXRMj8nGlbhUQQE1tLR0gqe1KUw54RsjMRng4SZnF1UavlZKGv9vEktr9mj5cL6Nyr2CuO_IFjX5yuX5sUl2Capk-8v3Wc_ny-M9krRZZZG-n3q_2FjCRTMiEOpamZlkv-BBhmAoX9QFGWsIJGNlprLKk3nysIm8t8iuWsQ4b9Tp-l9cERd1U8l0nrNtBCnP138PswSdDUgp1SXlw"
        ),
        (
            "the DigestInfo without its NULL",
            "nLL2wBSLcbV-UqLIPAmKvgvLQzFd_iGrKzmGqrt21UPu0XAnj3WiftG8HaLZZtHVs0nJmkuqX-_9AstitQjG-7-gpNLKBPlhP6VNe4-Sv9fB5zpXtHw1AMVcBmLqUsgtdKcnMPq8FocxY35W-5P8iS42qU7qyEVOT8AUkCOAT4odnBcVUoXA3qPwRX3xzWkEHfjhmibE_-1IXkj62JxKHGJVpJvEpJ2HJ0AxiTbOEV5tAHBqboxGoy_Bb2yDpF-MZvP2mfCqm9fyChOtjOZ8B4Fo6ez3elNRtZnxXXTmaZ8SJH8iG4fmRAT23kJOXLwLMjGs-B8e1_TUxD4cdq4pUA"
        ),
        (
            "a digest of SHA-1",
            "SRcSdQELDGeVOpgF9T3TGVktuTo7vCfssFSLW39uMIm1ukGzqamt3LU5WTBgMrPbeH3GNVD2LPY-onYXRX5YIfY_xKqqQhOAIw3L78DUNB74FtQTl2UGkW5DDGElAhf4qPLMXjGtdOLMBn-EKyjGMU7U6FINL1iS6i_2QNLGw4ZNsb2ATR8tdF2MBLQ2YcT79jTi5ImNb6LIfG7K-xWDM3alhG8aJCaEaucFgTO9hrgLw4Qyu-wmigY-7CQoHvi2pGgQkXvct_SjRybmt96qQyc_CCE2pyXBozeATEwNJd9S3hjxWYHgE5cS0IwOLYJIp-XSGIW-pMfBUM0ESOrbkg"
        ),
        (
            "BERserk (CVE-2014-1568): garbage in the parameters of the DigestInfo",
            "lsGG9TQl4ruy0S3H8SmPvCuwsQAVWvop2auyWg8UnBghdiP7oehoKF_h6Z815jl0MBBzlwtYKkxe6lIH_iA7W_QQoZGqSq6OqEBFiYdAtuOf71OrXoqG8dBEHAz5eQ3zCKwRKBkV-DHgyr_UjNg-0dEV_9cBKZSNRXEs633u70x5S16cJ-AaH_lxOvx_AkkjWHR4TX4v5sNnlFMlZwWDE2isdOhiwTdXQKOpcbTwQlzxZtcyJQZ3K9LuSwJWdYKOaHTHLnXmnv5cNamkTTDiL7EgBmw1lDNz0YnW66wuLiCH_DukhngLIJcwuqgogIMMBHsRjIkJEW8RN35TjX0zcQ"
        ),
        (
            "a length in more bytes than it takes",
            "IDIltt2AYY4g8HmtIQQBE65giYXEsOSQOVNi4rSkIDxNZxEQi6P5yHvnu9SjWMj-vS83Fv2KgaMWDB3fhN0BhCou4XVnioczufgKf70NbAs-eVy1aUEGFvL_dotqWrXt3gdJOOz_YKZy8FYC-rCUEYQ3m3wM2O6f2HC0corpmvB_UeuByoK4QiPxmZP26twOrEeIDjgz4qRzBlq8gtqkowTbYTzclimHESxqOX6DjU1dNd4oMNATA3oj5By-DObfx8WQpcnHJHKVCHqREcTLw1NUH_6bljZWrNajXBfgbMZhF5Mu1LFiceGEou7IDvw6r1itBHE6trQPAev6c2KBWw"
        ),
        (
            "block type 2, that of encryption",
            "AL-4wDyavf-b_xV8GCVTYQbJbwaTfBqCZCj24x2urs6guzL6A4YobDUlXVfKinZffLHOJXKgro1qrf1nDwQr1886q7XB08f3LwTcIhoGnMcACRhvwcryzyGPyzrg5gUUO4KBhNTKtkyWnxgi4ZsI0xdJbwsIKmHq6QqgsjOe_CNCaFkjBlsEu-gugbsb-TKsEDbNAfrDtkj12FreIq072Z2t-_KuY5Q8U0iXdWZ7f4_d8ngO2AGLVCtXjSJIkbKQWHKex6y0XG6ebvnBPEOBivNWxHyjQgJmJ8AZE9GbKDTJjC6kw9YRqXDsIust6G1LuFAudseLkjXwRrm36TJIWg"
        ),
        (
            "block type 0",
            "eTpbpcae8Q4DtvAc2xgIWFNMfx1ZmfN1v0E28w-0T12k49rg1HEyk5AkEpZFq74ZnaqjnL3Ggzac9CasJAQPIH4oOgxftekvBeeErLJLQYN_45XnVdQJlrYW3DBPv_-6FO5MTnXUIwK_2yAorwTCSvnbvg1lDyEBKavziauwM1sdiw5PF3RCCMhq2Jjm6yFI_g9nghM89q0Fj__lCOCwFugZX7rxE6FOysulokse-a8tQgcCkzm2EJ_DO5q8aWtdxLvY22Bh-DPz5kI5BbrdGKdEMh_8oCGPiyyBVp0mqpUscTKoHUjMpq5XwqvmtrKQAQ0GuVgyyIhXFA1vXctSyQ"
        ),
        (
            "the digest without a DigestInfo",
            "IQ88VRsO4D9tkCY7tA1v9voBgYGepR_3f6iEUuwoovfjUgKy6L2LtIpfG3AiILYDOyy9F0cuAzunvvjZQhgBj2IZaUJ3MiY9DZH3cmyNDIfhzeBVKxekvHEE0wXqtI07oqxBvfhLf6OmtDr6magr5Rd_5vTZqsGAN8YGkF_TND8vF-kXL69qK0cFZUumteIIWSbqci3cgYZ63PdlnnK9PDGuvXv72vMvFRlD5dFH4ozEEkqnix4tl__K1dXmMJNjVQF6psRHiSZpNZcrPQ9jiHw7sHWiHNDbrpnFCPpIPVT_j4skEGZ4BAJM0d6aMOBSixIAnGTLqZ0FkTriKM4lYg"
        ),
        (
            "no padding at all",
            "VCzCtIkwxBepDKlFR_ILawmqdbUilChRp55e-qxC_Nv-cjHjuehT74WjLTLbpfEdQZgM1LteD5FL8bk2fr2JAHVOT7k0hJVbeC4vL3ophbLHy6w1TgX38VxpzlGngpVPYOxmG1ACAX-5rChfNf7BjH8qvmbWfAKOcrtQKoZGv9rIu-TvBe1kwljF7uw3YQiI2EJw91jwdznplwrM0ToqsX1eLom75heHTY494Ab76Gb6OeGUkQ2AAlYDNRdI-LBMf_ulniVYZHSk7tRUZeUSVLgltAI9uE41zo7D6viq7GhggQvInuUxmGqCEYyoHkdma-lPX76i4bTplCeRga3TWQ"
        ),
        (
            "the padded block itself, as a key with e = 1 would take it",
            "AAH_____________________________________________________________________________________________________________________________________________________________________________________________________________________________________________________________________________ADAxMA0GCWCGSAFlAwQCAQUABCDb96nUAwFESZ6rGTbAogztNcPq65L4TOWt3Cg5sRu_jA"
        ),
    ]

    static let goodPSS =
        "MFV3wkKg5hfPK8VBQHtx1u-ZjFyFA7OW3m_4dgGJLRsZccGT4d6HMaT2RR4CJY1Tp1dtDyrXKILrU1CrNVl6QtQJIpbP4QaVcQsI_2uttmwZGD7SDzimh30upWlLDj2iv4LLL3YGi3zVpxM2tu17gFZUOk7UKjReqJ1B_hyBRn7QGZ9-9tozr2bDbAdxtanPI6jmajTt12wSeAVTuxfgiPmKhXzymnFuYwHpeQqnV4X-03Nl4bVzy8wXdR9kXB0TZX5xjzFyhfLAuPXQyON_WE2TqP0No2bsmOa84l4efUJNE6PPwQ7ipYBmWBNY2LRGvDJy7tbHR-WFSrbzzNXflw"

    static let pss: [(name: String, signature: String)] = [
        (
            "no salt",
            "kAmYDwb08yM4XNbQms91LKvhgqZ7emLjeFrr3E21iISopuULmn3wVMlYGxCMIyBhyHdjKpTc0Tnt2lJzjBzkIhNBUNz5jZtAADF1xPqHZdsM_oQIVZZ3STS88N5kfbUXVP6N_SGQy8_98mPZzUDO3ylNL2x-FGhwJjp-YktvosQrgYT-TbUxOXv8GTcPK1ezccj0SPZ2EVXieZOThPOCmPeG1_KBd0KVPOvIiitTl3XR4sy77D_QbiSrA8IyIhHia0gC3vhAg2pKS84XtSw8UM5uvoIsrmOgfCFx-05-3nl8seLczzocPldnubkgx3U_Q1KjWbxYHgWOKYbwHsoagw"
        ),
        (
            "a salt of 20 bytes",
            "Als4-XEs12tHgRQ6vPcw1zszMSecBJkJYgVw9Xqcmcr75LL8HihGZUHN35ycSpHL6poeTe2ATWNECyJ_Zabe73pbweHBlPathnz-PhZyZ9IZkQdVl4ciIGu2pALWsrmNzRS3ud6dPH0ObndRAEsYtIvE3ZZ8UFEuf3f9Z9RH9masWdIIP2-qi-JukpGabRhu3JbAirFHtrIHyuNgxQUKYROD7rR59xOPyABP1QExV5n6ko3XsbWuQ3yNL7V6LH6BvRI0VFpgPpW5Ebgx-xzI5lthdXcm8Xfi6lZNcyScvfVG1kXB2JFb0eB8gYr4ZHS7xanpDH6tmpk_xxvDFQ0sWQ"
        ),
        (
            "a salt of 64 bytes",
            "RSy0ym1AHChk3gqSJn0Fr8CL7Rzn9GY6gBiMFoQ92QzD2TRhfy1K8D_b1GmyFg7BS0n9K4DOaKfnDtrgLQyHBn1LAtTZA9KBD3vhDvq3if0Wlu8XV7Ac0Rpbc4F-QjH9AFHWYvaIiogHl3qrKeZTzb2TfRBxQ4ysRI09Oqt8W3U36b1K6DWjoF4DjIPkl49xOFfNQXqWcOPMq_53HLopWrhEJbCnyy_SDYBZxqO0Mf_kh2S1oNAicI2wlrI0CRRY2lxv1p5Nr0de5swdJ2_c7CyQBx8TeX_EhWTQPjkyF7iHpvTeLxzYHjNMuqHfd4VRnsHPuXOTejGhf66OeXL3fA"
        ),
        (
            "MGF1 by SHA-1",
            "WET8UI2L3ml2xTYTzPNcF7glvORXqGBSvOHNXNZJvq9W1vKJCK5X6lHf3KZ9QqV4temTjpr2Ub7fkjWx9dTP0ibw2PyjCNQxxGZEakJgiI-fi0DosERgTThUEqqK-pGOwVN3k30GNkm8EyZYgrR9dTzYGPO97xUVPMeq84LjqLnhcPI5lDHyD58lY_cuFCuuYSL65hb9IBdl50AZx3a6bEwJ977sGu_ZcVAh1-fwqgNWx-oKs2J8ejldibI2M-fwRmjq-ITcbeRGbcJ3-l30XZOlmW_iyorOWK42BAwD-41z712jFCm29wJ1TY03spS6WPaQlKSNyg0Q7eDw_-E0oA"
        ),
        (
            "another trailer",
            "hCT_h_bPLcKaDOAy7d2wR9wJem4FgUA57yeKuAteBK3qz5QkjiC0gdA6x0KiD2s-cw85yGNoSdj5ui7Olg-yl3ydXK8oMkKE2XsH54Q1hDalnWpa3LAMcZXuZmavx86tB5EkrEGLfDE3KFjgsXF97S6yIQIhREUtAycvOgK2-WbQgSbc0nA30jmdAKRXsNorc1gmVIA9ddhhvx7eqWEvnBou5S9z_DPh4LUE_aNAAJ2ojAicEYehIsOAXsiHUgLq-DMhnhPmpMpnTfFOdWg9b-f4fLjH-pbWhJYnx2yV-uj_EsybejtE6qGcOrhVB8kpmAwCWALn1nR1rcoQaEfqaA"
        ),
    ]

    /// A signature over `{"c":1}`, and the same number with the modulus added, which is the same to who only divides.
    static let numberPayload = #"{"c":1}"#
    static let number =
        "PxaV64WG_aEzkRXs2AbBeGuyjJBDcFuOtAiCw_fnFoS1-Vd8lqMAcS_SOAUy2aRUPTNFtWWhMq-NBokYZWDmVj1DPy5yGbKmqbRH9as05yst_89CRZo0PIlcuYojHF-9cB8Ny_P5gYOLa4hfDC3lxkFfN6TncUr1X6jzDnUIqDiQvf3Br4kkKe_ckgS8LoCq4UnJ5as_zsounMqQTIXaS-7E4S1plJWj6YJyeu-PsRK-GxwRaVoCnyiWyan9ay-x-OdtjzsRq-3dbI6encq2CXwt2CusyqfSrgKsFgA7mzbS6mz4CSTXGm8s6NlJBX4vrGqvcJCOHl0WU1F-bC8vYg"
    static let numberPlusModulus =
        "3peln4kJcXFZIvn0FziULmvOD18eve5_BB7gC8exzyh6Fg71QxhT6m9hMXqpZr53sgu22spk74cIpS1Mual_lrpCP8gEJEXAzniJPf3gEOjeqStImY2gnW9ospWFdT1i31YSR5m8U1O1GyT8TOitcIMmwbK4d9XSyUdznl8JxtnU24gRKz4NpdN75_aaAs9HLOz--0JDo515_Qj1YQApb8WYocbWCoOSbez1TIA9wYr6sTkBodTvwC9pmf9Y2wjp87zA4sLyq2DdKwcysc1mwZ8YAqBi0DPwWfxfYHcG_u9SlJlgUN25ne8sefG3cJpEPYeo-jkesQUzOVNcGQMpMQ"
}
