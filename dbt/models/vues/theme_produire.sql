{{ levers_of_theme('produire') }}
