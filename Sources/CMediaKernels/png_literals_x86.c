// Huffman codes of literals, 64 at a time, without a serial bit buffer. Twin: DeflateBits.writeLiterals in Swift.
#include "cpu.h"
#include "png.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX512 __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt,avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,avx512vbmi2")))
#define INLINE static inline __attribute__((always_inline))

// A table of 256 bytes in four registers.
typedef struct {
    __m512i quarter[4];
} byte_table;

AVX512 INLINE byte_table load_table(const uint8_t *bytes) {
    byte_table table;
    for (int i = 0; i < 4; i++) table.quarter[i] = _mm512_loadu_si512(bytes + 64 * i);
    return table;
}

AVX512 INLINE __m512i look_up(const byte_table *table, __m512i index, __mmask64 upper_half) {
    const __m512i low = _mm512_permutex2var_epi8(table->quarter[0], index, table->quarter[1]);
    const __m512i high = _mm512_permutex2var_epi8(table->quarter[2], index, table->quarter[3]);
    return _mm512_mask_mov_epi8(low, upper_half, high);
}

// Two code words in each 64-bit lane, the second in its upper half, moved together; `first` is the first one's length.
AVX512 INLINE __m512i join_pairs(__m512i pairs, __m512i first, __m512i low_halves) {
    const __m512i second = _mm512_sllv_epi64(_mm512_srli_epi64(pairs, 32), first);
    return _mm512_or_si512(_mm512_and_si512(pairs, low_halves), second);
}

// Appends 16 groups of four code words one by one: for the rare 64 bytes whose codes are too long for the other way.
AVX512 static void write_groups(tm_png_bits *bits, __m512i even, __m512i odd, __m512i even_bits, __m512i odd_bits) {
    _Alignas(64) uint64_t words[2][8], lengths[2][8];
    _mm512_storeu_si512(words[0], even);
    _mm512_storeu_si512(words[1], odd);
    _mm512_storeu_si512(lengths[0], even_bits);
    _mm512_storeu_si512(lengths[1], odd_bits);
    uint64_t accumulator = bits->accumulator, waiting = bits->waiting;
    uint8_t *out = bits->out;
    for (int i = 0; i < 16; i++) {
        accumulator |= words[i & 1][i >> 1] << waiting;
        waiting += lengths[i & 1][i >> 1];
        memcpy(out, &accumulator, 8);
        out += waiting >> 3;
        accumulator >>= waiting & 56;
        waiting &= 7;
    }
    *bits = (tm_png_bits){out, accumulator, waiting};
}

AVX512 size_t tm_png_write_literals(const uint8_t *bytes, size_t count, const uint8_t *planes, tm_png_bits *bits) {
    const byte_table low_table = load_table(planes), high_table = load_table(planes + 256);
    const byte_table length_table = load_table(planes + 512);
    const __m512i low_bytes = _mm512_set1_epi16(0x00FF), low_halves = _mm512_set1_epi64(0xFFFFFFFF);
    const __m512i byte_ones = _mm512_set1_epi8(1), sixty_four = _mm512_set1_epi64(64);
    __m512i ones = _mm512_set1_epi16(1);
    // A compiler that knows these are ones makes dearer permutations of the unpacking below.
    __asm__("" : "+v"(ones));
    const __m512i seven = _mm512_set1_epi64(7), zero = _mm512_setzero_si512();
    // Of the lengths of eight pairs in 16 bytes, those of the first and the third, then of the fifth and the seventh.
    const __m512i first_lengths = _mm512_broadcast_i32x4(
        _mm_setr_epi8(0, -1, -1, -1, -1, -1, -1, -1, 4, -1, -1, -1, -1, -1, -1, -1));
    const __m512i second_lengths = _mm512_broadcast_i32x4(
        _mm_setr_epi8(8, -1, -1, -1, -1, -1, -1, -1, 12, -1, -1, -1, -1, -1, -1, -1));

    uint8_t *out = bits->out;
    // In every lane: how many bits wait. In the last lane of `carries`: those bits.
    __m512i waiting = _mm512_set1_epi64((long long)bits->waiting);
    __m512i carries = _mm512_set1_epi64((long long)bits->accumulator);
    size_t done = 0;
    for (; done + 64 <= count; done += 64) {
        const __m512i x = _mm512_loadu_si512(bytes + done);
        const __mmask64 upper_half = _mm512_movepi8_mask(x);
        const __m512i low = look_up(&low_table, x, upper_half), high = look_up(&high_table, x, upper_half);
        const __m512i length = look_up(&length_table, x, upper_half);

        // Code words in 16-bit lanes, eight symbols and the next eight. Multiplying the second of two by two to the length
        // of the first moves it behind that, and adding joins them: up to 28 bits in 32-bit lanes.
        const __m512i powers = _mm512_sllv_epi16(ones, _mm512_and_si512(length, low_bytes));
        const __m512i pairs_a =
            _mm512_madd_epi16(_mm512_unpacklo_epi8(low, high), _mm512_unpacklo_epi16(ones, powers));
        const __m512i pairs_b =
            _mm512_madd_epi16(_mm512_unpackhi_epi8(low, high), _mm512_unpackhi_epi16(ones, powers));
        const __m512i pair_length = _mm512_maddubs_epi16(length, byte_ones);
        const __m512i four_length = _mm512_madd_epi16(pair_length, ones);

        // Four symbols each, up to 56 bits, in 64-bit lanes: first those that come first of eight, then the others.
        const __m512i fours_a = join_pairs(pairs_a, _mm512_shuffle_epi8(pair_length, first_lengths), low_halves);
        const __m512i fours_b = join_pairs(pairs_b, _mm512_shuffle_epi8(pair_length, second_lengths), low_halves);
        const __m512i four_even = _mm512_unpacklo_epi64(fours_a, fours_b);
        const __m512i four_odd = _mm512_unpackhi_epi64(fours_a, fours_b);
        const __m512i even_bits = _mm512_and_si512(four_length, low_halves);
        const __m512i odd_bits = _mm512_srli_epi64(four_length, 32);
        const __m512i total = _mm512_add_epi64(even_bits, odd_bits);

        if (__builtin_expect(_mm512_cmpgt_epu64_mask(total, sixty_four) != 0, 0)) {
            const __m512i last = _mm512_alignr_epi64(zero, carries, 7);
            tm_png_bits state = {
                out, (uint64_t)_mm_cvtsi128_si64(_mm512_castsi512_si128(last)),
                (uint64_t)_mm_cvtsi128_si64(_mm512_castsi512_si128(waiting))};
            write_groups(&state, four_even, four_odd, even_bits, odd_bits);
            out = state.out;
            waiting = _mm512_set1_epi64((long long)state.waiting);
            carries = _mm512_set1_epi64((long long)state.accumulator);
            continue;
        }

        // Eight symbols each, 8 to 64 bits. A running sum of the lengths says where each lane's bits begin.
        const __m512i words = _mm512_or_si512(four_even, _mm512_sllv_epi64(four_odd, even_bits));
        __m512i ends = _mm512_add_epi64(total, _mm512_alignr_epi64(total, zero, 7));
        ends = _mm512_add_epi64(ends, _mm512_alignr_epi64(ends, zero, 6));
        ends = _mm512_add_epi64(ends, _mm512_alignr_epi64(ends, zero, 4));
        ends = _mm512_add_epi64(ends, waiting);
        const __m512i starts = _mm512_sub_epi64(ends, total);
        const __m512i places = _mm512_srli_epi64(starts, 3);
        const __m512i shift = _mm512_and_si512(starts, seven);
        const __m512i shifted = _mm512_sllv_epi64(words, shift);
        // Each lane's last byte is shared with the next lane, which stores later: hand its bits on. They are what lies
        // behind the lane's whole bytes, or, where all eight are whole, what was shifted out. A lane is never shorter than
        // a byte, so no bits go two lanes far.
        const __m512i filled = _mm512_sub_epi64(_mm512_srli_epi64(ends, 3), places);
        const __m512i lost = _mm512_srlv_epi64(words, _mm512_sub_epi64(sixty_four, shift));
        const __m512i shared = _mm512_or_si512(_mm512_srlv_epi64(shifted, _mm512_slli_epi64(filled, 3)), lost);
        const __m512i result = _mm512_or_si512(shifted, _mm512_alignr_epi64(shared, carries, 7));
        carries = shared;
        waiting = _mm512_and_si512(_mm512_permutexvar_epi64(seven, ends), seven);

        // In one line of the cache each: loads from a store over two lines would wait for it.
        _Alignas(64) uint64_t stores[8], offsets[8];
        _mm512_storeu_si512(stores, result);
        _mm512_storeu_si512(offsets, places);
        const uint64_t end = (uint64_t)_mm_cvtsi128_si64(
            _mm512_castsi512_si128(_mm512_alignr_epi64(zero, ends, 7)));
        // The compiler would take the registers apart instead, which is slower than to read the memory again.
        __asm__ volatile("" : : "r"(stores), "r"(offsets) : "memory");
        for (int i = 0; i < 8; i++) memcpy(out + offsets[i], &stores[i], 8);
        out += end >> 3;
    }
    bits->out = out;
    bits->accumulator = (uint64_t)_mm_cvtsi128_si64(_mm512_castsi512_si128(_mm512_alignr_epi64(zero, carries, 7)));
    bits->waiting = (uint64_t)_mm_cvtsi128_si64(_mm512_castsi512_si128(waiting));
    return done;
}

int tm_png_has_vector_literals(void) { return tm_cpu_level() == TM_CPU_AVX512; }

#endif
