#include "CFreeTypeLoader.h"

#include "CDynamicLibrary.h"

#include <string.h>

int tm_freetype_open(const char *name, tm_freetype *table, char *message, size_t message_size) {
    void *library = tm_library_open(name, message, message_size);
    if (!library) return 1;
#define FIND(member, symbol) tm_library_find(library, symbol, &table->member, sizeof table->member, message, message_size)
    int found = FIND(init, "FT_Init_FreeType") && FIND(done, "FT_Done_FreeType") && FIND(version, "FT_Library_Version") &&
                FIND(new_memory_face, "FT_New_Memory_Face") && FIND(done_face, "FT_Done_Face") &&
                FIND(char_index, "FT_Get_Char_Index") && FIND(load_glyph, "FT_Load_Glyph") &&
                FIND(kerning, "FT_Get_Kerning") && FIND(outline_decompose, "FT_Outline_Decompose");
#undef FIND
    return found ? 0 : 2;
}

typedef struct {
    tm_ft_step *steps;
    size_t capacity;
    size_t count;
} step_list;

static int add(step_list *list, int kind, const tm_ft_vector *one, const tm_ft_vector *two, const tm_ft_vector *three) {
    if (list->count < list->capacity) {
        tm_ft_step *step = &list->steps[list->count];
        memset(step, 0, sizeof *step);
        step->kind = kind;
        step->points[0] = *one;
        if (two) step->points[1] = *two;
        if (three) step->points[2] = *three;
    }
    list->count++;
    return 0;
}

static int add_move(const tm_ft_vector *to, void *list) { return add(list, TM_FT_MOVE, to, NULL, NULL); }

static int add_line(const tm_ft_vector *to, void *list) { return add(list, TM_FT_LINE, to, NULL, NULL); }

static int add_conic(const tm_ft_vector *control, const tm_ft_vector *to, void *list) {
    return add(list, TM_FT_CONIC, control, to, NULL);
}

static int add_cubic(const tm_ft_vector *one, const tm_ft_vector *two, const tm_ft_vector *to, void *list) {
    return add(list, TM_FT_CUBIC, one, two, to);
}

long tm_freetype_steps(const tm_freetype *table, tm_ft_outline *outline, tm_ft_step *steps, size_t capacity) {
    const tm_ft_outline_callbacks callbacks = {add_move, add_line, add_conic, add_cubic, 0, 0};
    step_list list = {steps, capacity, 0};
    return table->outline_decompose(outline, &callbacks, &list) == 0 ? (long)list.count : -1;
}
