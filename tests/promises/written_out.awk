# Writes the promises of a file out as plain functions, for tools that do not look into macros.
/promises! \{ / {
    match($0, /\[[^]]*\]/); generics = substr($0, RSTART + 1, RLENGTH - 2)
    types = substr($0, RSTART + RLENGTH + 1); sub(/\)$/, "", types)
    depth = 0; count = 1; type[1] = ""
    for (place = 1; place <= length(types); place++) {
        letter = substr(types, place, 1)
        if (letter == "<" || letter == "(") depth++
        if (letter == ">" || letter == ")") depth--
        if (letter == "," && depth == 0) { count++; type[count] = "" } else type[count] = type[count] letter
    }
}
/^    [a-z_0-9]+\([a-z_]+, [a-z_]+, [a-z_]+, [a-z_]+\) \{$/ {
    name = $1; sub(/\(.*/, "", name)
    arguments = $0; sub(/^[^(]*\(/, "", arguments); sub(/\) \{$/, "", arguments); split(arguments, argument, ", ")
    print "    " name "(terms_, before_, step_, after_) { written_" name "(terms_, before_, step_, after_) }"
    functions = functions "fn written_" name "<" generics ">(" argument[1] ": &" type[1] ", " argument[2] ": &" type[2] ", " argument[3] ": &" type[3] ", " argument[4] ": &" type[2] ") -> bool {\n"
    inside = 1; next
}
inside { functions = functions $0 "\n"; if ($0 == "    }") inside = 0; next }
{ print }
END { printf "%s", functions }
